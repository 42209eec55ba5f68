# The bot alone, as an unprivileged user; compose.yaml adds the database.
FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home pouce && install --directory --owner=pouce /data
WORKDIR /opt/pouce
COPY requirements/ requirements/
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/run.txt
COPY . .
RUN pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MPLCONFIGDIR=/tmp
WORKDIR /data
USER 10001
ENTRYPOINT ["pouce"]
CMD ["run"]
