# A small image that serves on port 8080. Open to others, it needs TRUST_RECOVER_ACCESS_TOKEN, or it refuses to start.
FROM python:3.12-slim AS build
WORKDIR /src
COPY requirements/run.txt requirements/run.txt
RUN python -m venv /opt/app && /opt/app/bin/pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY . .
RUN /opt/app/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.12-slim
RUN useradd --create-home --home-dir /data app
COPY --from=build /opt/app /opt/app
USER app
WORKDIR /data
ENV TRUST_RECOVER_HOST=0.0.0.0 PATH=/opt/app/bin:$PATH
VOLUME /data
EXPOSE 8080
HEALTHCHECK CMD ["trust-recover", "health"]
CMD ["trust-recover", "serve"]
